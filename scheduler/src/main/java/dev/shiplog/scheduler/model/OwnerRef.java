package dev.shiplog.scheduler.model;

/** The controller that owns an object. */
public record OwnerRef(String kind, String name) {}
