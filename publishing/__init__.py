"""The way out: releases, suppression, open data, IATI and the printed brief."""
