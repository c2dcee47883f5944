/**
 * The service proxy: what pods and users send to a service's address arrives at one of its
 * endpoints. Data flows one way: topics → {@link dev.shiplog.agent.proxy.ServiceView} → {@link
 * dev.shiplog.agent.proxy.RuleSet} → {@link dev.shiplog.agent.nft.NftTable} → the kernel, and all
 * but the ends is pure.
 */
package dev.shiplog.agent.proxy;
