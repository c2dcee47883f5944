package dev.shiplog.agent.containerd.host;

/** Is told, before it happens, what takes long or changes this machine. */
@FunctionalInterface
public interface Progress {

  /** One line for the user. */
  void say(String line);
}
