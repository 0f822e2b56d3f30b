"""How fast is apicheck, beside the floor that no program can go below and beside its peers?"""
