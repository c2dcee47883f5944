/**
 * Certificate signing requests: who asked is written into them, the leader approves those of nodes
 * that may have what they ask for, signs what is approved for the signers of Kubernetes, and
 * removes what nobody needs any more.
 */
package dev.shiplog.api.certificates;
