"""Which rulesets come with apicheck?"""
