package dev.shiplog.api.access.node;

/**
 * Something that a pod needs, or a volume.
 *
 * @param kind plural: secrets, configmaps, persistentvolumeclaims, serviceaccounts
 */
public record Reference(String kind, String namespace, String name) {}
