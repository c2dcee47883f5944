/**
 * The addresses of Services: the ranges that they are taken from, which are ServiceCIDR objects,
 * and an IPAddress object for each that is in use. An address is given, and its IPAddress made, in
 * the commit that needs it; what the leader looks after besides is written in {@link
 * dev.shiplog.api.addresses.ServiceAddressRun}.
 */
package dev.shiplog.api.addresses;
