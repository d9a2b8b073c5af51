"""The results described as open data: DCAT-AP-SE for catalogues, ISO 19139 for geodata portals.

Who publishes, under which licence, where and when is said in the settings under ``[publication]``.
What is not said there is missing here too, and told: nothing is made up.
"""
