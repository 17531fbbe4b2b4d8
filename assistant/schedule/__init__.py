"""The daily renewal, put into the schedule of the person's own operating system account.

    install(app_id, practice=False)      puts it there, or puts it right, and answers with its Status
    uninstall(app_id, practice=False)    takes it away without a trace
    status(app_id, practice=False)       what the system says of it now

Nothing here needs an administrator, and nothing goes through a shell. Each system is a pure file (`systemd`, `launchd`,
`task_scheduler`): texts and commands made of a `Job`. `computer` alone touches files and processes. All three run the
renewal while the person is signed in, which is also when the keychain can be opened.
"""

from assistant.schedule.daily import install, status, uninstall
from assistant.schedule.job import State, Status

__all__ = ["State", "Status", "install", "status", "uninstall"]
