"""The law by place and question, from one dated file: what it says, on what it rests, when it is read again."""
