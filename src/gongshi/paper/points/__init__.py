def judge_edition(edition, again):
    return []
