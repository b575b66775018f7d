"""The commission's draft: texts, sides, areas, rule, calendar; its checks, its preview, and its freezing."""
