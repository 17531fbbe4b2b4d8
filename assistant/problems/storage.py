"""Problems with storing the credentials: the keychain, the sealing key and the vault file.

None of them means "not connected": each says what is still held and what did not happen. Fact `{system}` is the name
of the operating system.
"""

from __future__ import annotations

from assistant.language import N_
from assistant.problems.model import Problem, Tone, Way, Who

_SET_ASIDE = N_("Is there nothing to restore? Set the old connections aside, and connect the companies again.")
_IF_AGAIN = N_("If it happens again, show this page to IT.")

PROBLEMS = (
    Problem(
        code="STORE-01",
        title=N_("This computer has no password store"),
        cause=N_("Connections are kept safe by the password store of {system}. It is missing here. Nothing was saved."),
        remedy=(
            N_("Show this page to IT."),
            N_("On Linux a desktop session with GNOME Keyring or KWallet is needed."),
        ),
        who=Who.IT,
        ways=(Way.COPY_DETAILS, Way.TRY_AGAIN, Way.CLOSE),
        agent=N_("Ask where the program runs. A server or container often has no password store."),
    ),
    Problem(
        code="STORE-02",
        title=N_("The computer's password store is locked"),
        cause=N_("Your connections are still there. Nothing more is saved until you unlock."),
        remedy=(
            N_("Type your computer password in the box from {system}."),
            N_("The box may be behind this window."),
            N_("Don't remove anything or start over."),
        ),
        who=Who.YOU,
        ways=(Way.UNLOCK, Way.CLOSE),
        agent=N_("Ask the customer to unlock, and to look for the box behind the window. Nothing is lost."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="STORE-03",
        title=N_("The password store was not unlocked"),
        cause=N_("The box from {system} was closed, or could not be shown. Nothing is lost, and nothing was saved."),
        remedy=(N_("Unlock, and type your computer password in the box."),),
        who=Who.YOU,
        ways=(Way.UNLOCK, Way.CLOSE),
        agent=N_("Ask whether a password box was shown. It wants the computer's password, not the one for Fortnox."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="STORE-04",
        title=N_("The computer's password store doesn't answer"),
        cause=N_("The program waited for {system} and got no answer. Connections already saved are still there."),
        remedy=(
            N_("Look for a password box behind this window."),
            N_("Try again in a minute."),
            N_("If that doesn't help, sign out of the computer and in again."),
        ),
        who=Who.YOU,
        ways=(Way.TRY_AGAIN, Way.COPY_DETAILS, Way.CLOSE),
        agent=N_("Ask for a password box behind the window. Otherwise signing out of the computer usually helps."),
    ),
    Problem(
        code="STORE-05",
        title=N_("The key to your connections is gone"),
        cause=N_(
            "The companies are listed, but the password store no longer has the key. "
            "It may have been reset or belong to another user. Nothing was changed."
        ),
        remedy=(
            N_("Check that you are signed in to the computer as the user who connected."),
            N_("If the password store was reset, have it restored from a backup."),
            _SET_ASIDE,
        ),
        who=Who.IT,
        ways=(Way.COPY_DETAILS, Way.TRY_AGAIN, Way.SET_ASIDE, Way.CLOSE),
        agent=N_("Ask whether the computer's password was reset, or whether another user connected."),
    ),
    Problem(
        code="STORE-06",
        title=N_("A saved connection is damaged"),
        cause=N_("What was saved can't be read, so it isn't used. The other connections are not touched."),
        remedy=(
            N_("Connect that company again. Approving again in Fortnox does no harm."),
            N_("Have the computer's disk checked if it happens to several."),
        ),
        who=Who.YOU,
        ways=(Way.TRY_AGAIN, Way.COPY_DETAILS, Way.CLOSE),
        agent=N_("One saved connection can't be read. Connecting the same company again replaces it."),
    ),
    Problem(
        code="STORE-07",
        title=N_("The connections were saved by a newer version"),
        cause=N_("This version of the program can't read them. Nothing was changed."),
        remedy=(N_("Install the newest version of this program and open it again."),),
        who=Who.YOU,
        ways=(Way.CLOSE, Way.COPY_CODE),
        agent=N_("An older copy of the program was started. Help the customer install the newest one."),
    ),
    Problem(
        code="STORE-08",
        title=N_("The file with your connections is damaged"),
        cause=N_("The file {file} can't be read. It was left as it is, and nothing was saved."),
        remedy=(
            N_("Show this page to IT."),
            N_("Have the file restored from a backup."),
            _SET_ASIDE,
        ),
        who=Who.IT,
        ways=(Way.COPY_DETAILS, Way.TRY_AGAIN, Way.SET_ASIDE, Way.CLOSE),
        agent=N_("The file has to be restored or set aside. The approvals in Fortnox are still there."),
    ),
    Problem(
        code="STORE-09",
        title=N_("The program may not write where connections are kept"),
        cause=N_("The folder or file is read-only for this user. Nothing was saved, and nothing was changed."),
        remedy=(
            N_("Show this page to IT."),
            N_("Your user must be allowed to write in its own application data folder."),
        ),
        who=Who.IT,
        ways=(Way.COPY_DETAILS, Way.TRY_AGAIN, Way.CLOSE),
        agent=N_("IT must let this user write in the application data folder. Antivirus software can also stop it."),
    ),
    Problem(
        code="STORE-10",
        title=N_("The disk is full"),
        cause=N_("There is no room to save the connection. Connections already saved are still there."),
        remedy=(N_("Make some room on the disk, for example by emptying the recycle bin."), N_("Try again.")),
        who=Who.YOU,
        ways=(Way.TRY_AGAIN, Way.CLOSE),
        agent=N_("Ask the customer to free some disk space and try again. A few megabytes are enough."),
    ),
    Problem(
        code="STORE-11",
        title=N_("The connection could not be saved safely"),
        cause=N_("It was read back to be sure, and was not the same. It was taken away again."),
        remedy=(N_("Try again."), _IF_AGAIN),
        who=Who.YOU,
        ways=(Way.TRY_AGAIN, Way.COPY_DETAILS, Way.CLOSE),
        agent=N_("Ask the customer to try once more. If it fails again, the disk may be failing."),
    ),
    Problem(
        code="STORE-12",
        title=N_("The chosen password store is not safe to use"),
        cause=N_("The computer's settings name a password store that this program refuses. Nothing was saved."),
        remedy=(
            N_("Show this page to IT."),
            N_("The settings file must belong to root, and name a password store that encrypts."),
        ),
        who=Who.IT,
        ways=(Way.COPY_DETAILS, Way.TRY_AGAIN, Way.CLOSE),
        agent=N_("IT has named a password store in keychain.toml that is refused. SECURITY.md says which are."),
    ),
    Problem(
        code="STORE-13",
        title=N_("The key does not fit your connections"),
        cause=N_("The password store has a key, but not the one they were saved with. Nothing was changed."),
        remedy=(
            N_("Have the file or the password store restored, so that both fit together."),
            _SET_ASIDE,
        ),
        who=Who.IT,
        ways=(Way.COPY_DETAILS, Way.TRY_AGAIN, Way.SET_ASIDE, Way.CLOSE),
        agent=N_("Ask whether files were copied from another computer, or a backup was restored."),
    ),
    Problem(
        code="STORE-14",
        title=N_("Another program is using the file with your connections"),
        cause=N_("The program waited for its turn and did not get it. Nothing was saved."),
        remedy=(N_("Close other windows of this program."), N_("Try again in a minute.")),
        who=Who.YOU,
        ways=(Way.TRY_AGAIN, Way.CLOSE),
        agent=N_("Ask about other windows of this program, and about backup or antivirus software at work."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="STORE-15",
        title=N_("The company is already connected"),
        cause=N_("A company can have only one such connection, and another window has just saved it."),
        remedy=(N_("Close this window and open the program again."), N_("There you can replace the connection.")),
        who=Who.YOU,
        ways=(Way.CLOSE, Way.BACK),
        agent=N_("Two windows connected the same company. The first one is saved. Open the program again."),
        tone=Tone.INFO,
    ),
    Problem(
        code="STORE-16",
        title=N_("The connection is no longer here"),
        cause=N_("Another window or command has removed it meanwhile."),
        remedy=(N_("Connect the company again if you still need it."),),
        who=Who.YOU,
        ways=(Way.BACK, Way.CLOSE),
        agent=N_("The connection was removed on this computer after the list was shown."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="STORE-17",
        title=N_("It is not known whether the connection is saved"),
        cause=N_("Saving went on for too long, and may still end by itself. The approval in Fortnox stays valid."),
        remedy=(
            N_("Try again. The program then waits for the same saving, and never saves twice."),
            N_("If that doesn't help, restart the computer and connect the company again."),
        ),
        who=Who.YOU,
        ways=(Way.TRY_AGAIN, Way.COPY_CODE, Way.CLOSE),
        agent=N_(
            "Ask them to try again first. After a restart, connecting the same company again replaces what is there."
        ),
        tone=Tone.WARNING,
    ),
    Problem(
        code="STORE-18",
        title=N_("A renewed connection could not be saved"),
        cause=N_("Fortnox replaced the access to {company}. The new one could not be written to the disk."),
        remedy=(
            N_("Make some room on the disk, and see that the folder can be written in."),
            N_("Sign in again and choose the same company."),
        ),
        who=Who.YOU,
        ways=(Way.SIGN_IN_AGAIN, Way.CLOSE),
        agent=N_("The disk could not be written to just then. Make room first, then connect again."),
    ),
    Problem(
        code="STORE-19",
        title=N_("Several connections fit"),
        cause=N_("More than one connection answers to what was asked for. Nothing was done with any of them."),
        remedy=(N_("Say which one is meant, by its connection id, tenant id or kind of account."),),
        who=Who.YOU,
        ways=(Way.BACK, Way.CLOSE),
        agent=N_("A program asked for a token without saying of which company. Its vendor has to name it."),
        tone=Tone.WARNING,
    ),
    Problem(
        code="STORE-20",
        title=N_("No connection fits"),
        cause=N_("No connection on this computer answers to what was asked for. Nothing was done."),
        remedy=(
            N_("See which connections there are with the command “list”, and compare ids and numbers."),
            N_("Connections of practice are found only where practice is asked for."),
            N_("If the company is not there, connect it."),
        ),
        who=Who.YOU,
        ways=(Way.BACK, Way.CLOSE),
        agent=N_("A program asked for a connection that is not here. Compare its tenant id with the list."),
        tone=Tone.WARNING,
    ),
)
