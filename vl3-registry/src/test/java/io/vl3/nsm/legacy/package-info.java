/** The 0.2 API of NSM against a fake of its manager. */
package io.vl3.nsm.legacy;
