/**
 * The controllers of Kubernetes, each in a package of its own, each a pure function on the kit
 * ({@link dev.shiplog.streams.kit.Controller}). What several of them know about pods and conditions
 * is beside them.
 */
package dev.shiplog.streams.controllers;
