/**
 * What becomes of Secrets that hold tokens, those of bootstrapping nodes and those of service
 * accounts: the leader looks after them, because where Secrets are encrypted nobody else can read
 * them.
 */
package dev.shiplog.api.tokens;
