/** The commands a person types; each turns its options into a call and errors into one sentence. */
package dev.shiplog.standalone.cli;
