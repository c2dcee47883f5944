/** From the bytes of a request to a tree that has the form of its type, and back to that form. */
package dev.shiplog.api.schema.decoding;
