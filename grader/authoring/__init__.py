"""The author's proof: does everything in a course hold together, and do the tests catch what they should?"""
