package dev.shiplog.scheduler.framework;

/** Takes part in finding a node for a pod. */
public interface Plugin {

  /** By which configuration and messages know it, for example {@code NodeResourcesFit}. */
  String name();
}
