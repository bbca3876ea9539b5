"""The stage of the tests: what is dear is made once in a process, and every test finds it as if it were new."""
