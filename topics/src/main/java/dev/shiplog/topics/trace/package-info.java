/** How what was done for one request is found again, wherever it was done. */
package dev.shiplog.topics.trace;
