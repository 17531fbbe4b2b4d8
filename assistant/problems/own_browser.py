"""Problems with signing in through the person's own browser."""

from __future__ import annotations

from assistant.language import N_
from assistant.problems.model import Problem, Tone, Way, Who

PROBLEMS: tuple[Problem, ...] = (
    Problem(
        code="OWN-01",
        title=N_("Another program is in the way"),
        cause=N_("It uses port {port} of this computer, where the answer from your own browser should arrive."),
        remedy=(
            N_("Close other windows of this program, and programs that serve web pages."),
            N_("Then try again, or sign in inside this window."),
        ),
        who=Who.YOU,
        ways=(Way.TRY_AGAIN, Way.WINDOW_BROWSER, Way.COPY_DETAILS),
        agent=N_("Ask whether the program is open twice. Signing in inside the window needs no port."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="OWN-02",
        title=N_("This computer does not let the answer in"),
        cause=N_(
            "The answer from your own browser arrives at port {port}. The system has not given it to this program."
        ),
        remedy=(
            N_("Sign in inside this window instead."),
            N_("If that cannot work, send the details to IT."),
        ),
        who=Who.IT,
        ways=(Way.WINDOW_BROWSER, Way.COPY_DETAILS, Way.TRY_AGAIN),
        agent=N_("The port is reserved or forbidden on that computer. Signing in inside the window needs no port."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="OWN-03",
        title=N_("Nothing came back from your own browser"),
        cause=N_("This program waited ten minutes. The page may be closed, or the sign-in was not finished there."),
        remedy=(
            N_("Sign in again, and approve at the end."),
            N_("If Fortnox shows a fault there, read it out to {vendor}, {phone}."),
        ),
        who=Who.YOU,
        ways=(Way.SIGN_IN_AGAIN, Way.WINDOW_BROWSER, Way.COPY_CODE),
        agent=N_("Ask: “What does the last page in your browser say?”"),
        tone=Tone.WARNING,
    ),
    Problem(
        code="OWN-04",
        title=N_("No browser opened"),
        cause=N_("This computer has no web browser that would open the address. The sign-in is still waiting."),
        remedy=(N_("Copy the link and open it in a browser yourself."),),
        who=Who.YOU,
        ways=(Way.WINDOW_BROWSER,),
        agent=N_("Ask the customer to copy the link and to paste it into any browser of the same computer."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="OWN-05",
        title=N_("That is not the address the sign-in ends on"),
        cause=N_("The whole address is needed, as it stands in the browser after you approved. It was not used."),
        remedy=(N_("Copy the whole address from the browser's address line, and paste it here."),),
        who=Who.YOU,
        ways=(Way.WINDOW_BROWSER,),
        agent=N_("The address begins with {address}. Ask whether the customer has approved yet."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="OWN-06",
        title=N_("That address belongs to another sign-in"),
        cause=N_(
            "Each sign-in has an address of its own at the end. This one is older or incomplete. It was not used."
        ),
        remedy=(
            N_("Open the browser again from here, and sign in there."),
            N_("Then paste the whole address of the page you end on."),
        ),
        who=Who.YOU,
        ways=(Way.WINDOW_BROWSER,),
        agent=N_("Ask whether there are several pages from Fortnox open. Only the newest one counts."),
        tone=Tone.WARNING,
    ),
)
