/**
 * Tables of the kernel's packet filter, each owned by one {@link dev.shiplog.agent.nft.TableKeeper}
 * of this process, and changed as a whole or not at all.
 */
package dev.shiplog.agent.nft;
