/** Secrets that hold tokens: those of bootstrapping nodes and those of service accounts. */
package dev.shiplog.streams.controllers.token;
