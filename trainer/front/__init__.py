"""What strangers see and try: the programme on offer, a lesson, a question and a case, of which nothing is kept."""
