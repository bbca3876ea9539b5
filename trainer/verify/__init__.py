"""The public counter: is this paper, number or file genuine, and does it hold today?"""
