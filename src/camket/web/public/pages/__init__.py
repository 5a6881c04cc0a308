"""An agency's public page: policy, objectives, results, satisfaction, procedures, reports; open data of the same."""
