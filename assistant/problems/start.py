"""Problems before the first page: the computer, the display and the way the program was started."""

from __future__ import annotations

from assistant.language import N_
from assistant.problems.model import Problem, Tone, Way, Who

PROBLEMS = (
    Problem(
        code="START-01",
        title=N_("There is no screen to show the window on"),
        cause=N_("The program was started where no desktop is running."),
        remedy=(N_("Start it on the computer's own desktop, or over remote desktop."),),
        who=Who.YOU,
        ways=(Way.CLOSE,),
        agent=N_("Ask where the program was started. A server without a desktop cannot show the window."),
    ),
    Problem(
        code="START-02",
        title=N_("The program must not run as administrator"),
        cause=N_(
            "As root the browser's protection cannot be on, so signing in would not be safe. Nothing was changed."
        ),
        remedy=(N_("Start the program again as an ordinary user, the one {integration} will run as."),),
        who=Who.YOU,
        ways=(Way.CLOSE,),
        agent=N_("Ask the customer to close the program and start it as their ordinary user."),
        system="linux",
    ),
    Problem(
        code="START-03",
        title=N_("The program stopped in a way nobody planned"),
        cause=N_("A fault in this program ended the step. Nothing was saved that you had not confirmed."),
        remedy=(N_("Try again."), N_("If it happens again, call {vendor} and read out the codes below.")),
        who=Who.VENDOR,
        ways=(Way.TRY_AGAIN, Way.COPY_CODE, Way.CLOSE),
        agent=N_("Note the error code and the technical information, and pass them to the developers."),
    ),
    Problem(
        code="START-04",
        title=N_("Something went on for too long"),
        cause=N_("A step did not end within its time. Nothing was saved that you had not confirmed."),
        remedy=(N_("Try again."),),
        who=Who.YOU,
        ways=(Way.TRY_AGAIN, Way.COPY_CODE, Way.CLOSE),
        agent=N_("Ask the customer to try once more, and note which step it was."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="START-05",
        title=N_("This computer's clock is wrong"),
        cause=N_("It shows {shown}, but the time is {right}. Safe sign-in isn't possible then."),
        remedy=(
            N_("Open the computer's settings for date and time."),
            N_("Choose to set the time automatically, and come back."),
        ),
        who=Who.YOU,
        ways=(Way.OPEN_SETTINGS, Way.TRY_AGAIN, Way.CLOSE),
        agent=N_("Ask what the clock at the bottom of the screen shows, and help to set it."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="START-06",
        title=N_("The program runs as administrator"),
        cause=N_(
            "It doesn't need to. Connections are kept for the user it runs as, and that may be another than yours."
        ),
        remedy=(
            N_("Close the program."),
            N_("Start it again without “Run as administrator”, as the user {integration} will run as."),
        ),
        who=Who.YOU,
        ways=(Way.CLOSE,),
        agent=N_("Ask how the program was started. Connecting works, but {integration} may not find the connection."),
        tone=Tone.WARNING,
        system="windows",
    ),
)
