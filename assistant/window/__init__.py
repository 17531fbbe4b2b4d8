"""Everything Qt: application, wizard, pages, browser and look."""

from assistant.window.none_references import give_none_plenty

give_none_plenty()
