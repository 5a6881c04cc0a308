"""Pages of context, risks and opportunities (bối cảnh, rủi ro, cơ hội)."""
