"""Problems with the integration file. Nobody has signed in yet, so every one can say that nothing has changed."""

from __future__ import annotations

from assistant.language import N_
from assistant.problems.model import Problem, Tone, Way, Who

_ASK_FOR_IT = N_("Ask whoever sent you the file to send it again.")

PROBLEMS = (
    Problem(
        code="FILE-01",
        title=N_("The file about your integration is missing"),
        cause=N_("The program needs a file from the company that makes the integration. Nothing has changed."),
        remedy=(
            N_("Ask that company for its integration file, or for its own version of this program."),
            N_("Open the file, or start this program again with it."),
        ),
        who=Who.VENDOR,
        ways=(Way.OPEN_FILE, Way.CLOSE),
        agent=N_("The customer has the program but no integration file. Send the file or your own installer."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="FILE-02",
        title=N_("The integration file cannot be opened"),
        cause=N_("{file}: {what} Nothing has changed."),
        remedy=(N_("Check that the file is where it was, and open it again."), _ASK_FOR_IT),
        who=Who.YOU,
        ways=(Way.OPEN_FILE, Way.CLOSE),
        agent=N_("Ask where the file is. Have the customer save it on the desktop and open it from there."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="FILE-03",
        title=N_("This is not an integration file"),
        cause=N_("{file} is not plain text. It may be another file, or damaged on the way. Nothing has changed."),
        remedy=(N_("Choose the right file."), _ASK_FOR_IT),
        who=Who.VENDOR,
        ways=(Way.OPEN_FILE, Way.CLOSE),
        agent=N_("Send the file again, as an attachment. It must be text saved as UTF-8."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="FILE-04",
        title=N_("The file is too large to be an integration file"),
        cause=N_("{file} is larger than 64 kB. It is probably another file. Nothing has changed."),
        remedy=(N_("Choose the right file."), _ASK_FOR_IT),
        who=Who.YOU,
        ways=(Way.OPEN_FILE, Way.CLOSE),
        agent=N_("Ask which file the customer opened. An integration file is a few kB of text."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="FILE-05",
        title=N_("The integration file is empty"),
        cause=N_("{file} has nothing in it. It may have been cut off on the way. Nothing has changed."),
        remedy=(_ASK_FOR_IT,),
        who=Who.VENDOR,
        ways=(Way.OPEN_FILE, Way.CLOSE),
        agent=N_("Send the file again. The one that the customer has is empty."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="FILE-06",
        title=N_("The integration file cannot be understood"),
        cause=N_("Something is wrong at {where} in {file}. {what} Nothing has changed."),
        remedy=(N_("Send the error code and the technical information to whoever sent you the file."),),
        who=Who.VENDOR,
        ways=(Way.COPY_DETAILS, Way.OPEN_FILE, Way.CLOSE),
        agent=N_("The file is not valid TOML. Mend the line named in the technical information and send it again."),
    ),
    Problem(
        code="FILE-07",
        title=N_("The integration file is not right yet"),
        cause=N_("Mistakes found: {count}. The first is at {where}. {what} Nothing has changed."),
        remedy=(N_("Send the error code and the technical information to whoever sent you the file."),),
        who=Who.VENDOR,
        ways=(Way.COPY_DETAILS, Way.OPEN_FILE, Way.CLOSE),
        agent=N_("Each mistake and its remedy stand in the technical information. Mend the file and send it again."),
    ),
    Problem(
        code="FILE-08",
        title=N_("The file would sign you in somewhere else than Fortnox"),
        cause=N_("{file} names addresses that are not Fortnox's. Someone may want your password. Nothing has changed."),
        remedy=(
            N_("Do not use the file."),
            N_("Call the company it says it comes from, on a number you know from elsewhere."),
        ),
        who=Who.YOU,
        ways=(Way.CLOSE, Way.COPY_DETAILS, Way.OPEN_FILE),
        agent=N_("Ask how the customer got the file, and tell your security contact. Test servers need --test-server."),
    ),
    Problem(
        code="FILE-09",
        title=N_("The file asks for a secret from this computer"),
        cause=N_("A file opened in the window or by double click may not read secrets. Nothing was changed."),
        remedy=(
            N_("Ask the vendor for a file without that."),
            N_("Whoever runs this computer can start the program with --integration instead."),
        ),
        who=Who.VENDOR,
        ways=(Way.COPY_DETAILS, Way.OPEN_FILE, Way.CLOSE),
        agent=N_('The file has from = "file" or "environment". Send one with "relay" or "ask" instead.'),
    ),
    Problem(
        code="FILE-10",
        title=N_("The logo in the integration file cannot be used"),
        cause=N_("{what} Nothing has changed."),
        remedy=(N_("Send the error code and the technical information to whoever sent you the file."),),
        who=Who.VENDOR,
        ways=(Way.COPY_DETAILS, Way.OPEN_FILE, Way.CLOSE),
        agent=N_("Save the logo as plain SVG or PNG of at most 200 kB. Put it beside the file and send both again."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="FILE-11",
        title=N_("The client secret of {integration} is not on this computer"),
        cause=N_("It should be in {source}, which is missing, empty or holds something else. Nothing has changed."),
        remedy=(N_("Put the client secret there, or ask {vendor} to do it."), N_("Start the program again.")),
        who=Who.VENDOR,
        ways=(Way.CLOSE, Way.COPY_CODE),
        agent=N_("Check the variable or file named under [client_secret]. It must hold the secret alone, on one line."),
    ),
)
