"""Every write of what is public: the page's own data, publications, postings."""
