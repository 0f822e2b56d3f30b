"""What does a ruleset of another linter find in a document?"""
