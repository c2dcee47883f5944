package dev.shiplog.scheduler.config;

import dev.shiplog.scheduler.framework.Plugin;

/**
 * Makes a plugin by its configuration. Implementations outside of Shiplog are found with {@link
 * java.util.ServiceLoader}; put their jar where {@code --scheduler-plugins} says, or the setting
 * {@code shiplog.scheduler.plugins}, and name the plugin in a profile.
 */
public interface PluginFactory {

  /** Name of the plugin in configurations. */
  String name();

  /**
   * Makes it for one profile.
   *
   * @param args what stands under {@code pluginConfig} for it
   * @return implements one or more of the interfaces of {@code dev.shiplog.scheduler.framework}
   * @throws InvalidConfiguration if an argument is wrong
   */
  Plugin create(Args args);
}
