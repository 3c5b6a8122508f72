/** Its name among the sources of a search. */
export const FLICKR = "flickr";

/** Flickr's terms: at most so many of its photos on a page. */
export const FLICKR_PER_PAGE = 30;
