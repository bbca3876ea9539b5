"""Where people rate answers: blind, by anchors, once; and how far raters agree."""
