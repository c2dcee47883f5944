/**
 * What a CustomResourceDefinition says of its objects, made fit for use: a tree of schemas, and
 * over it pruning, defaults, validation and rules in CEL. Pure; any thread.
 */
package dev.shiplog.api.schema.custom;
