package dev.shiplog.api.schema.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.GroupVersion;
import java.util.List;

/** Turns objects of one version of a custom resource into those of another. Any thread. */
@FunctionalInterface
public interface VersionConverter {

  /** Versions differ in their names alone: conversion strategy None. */
  VersionConverter BY_NAME =
      (objects, to) -> {
        objects.forEach(object -> object.put("apiVersion", to.apiVersion()));
        return objects;
      };

  /**
   * Converts objects; those that are in the version already stay as they are.
   *
   * @param objects of any versions; used up
   * @return as many, in the same order
   * @throws dev.shiplog.api.status.ApiFailure if they cannot be converted
   */
  List<ObjectNode> convert(List<ObjectNode> objects, GroupVersion to);

  default ObjectNode convert(ObjectNode object, GroupVersion to) {
    return object.path("apiVersion").asText().equals(to.apiVersion())
        ? object
        : convert(List.of(object), to).getFirst();
  }
}
