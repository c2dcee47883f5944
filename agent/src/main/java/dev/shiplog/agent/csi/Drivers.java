package dev.shiplog.agent.csi;

import dev.shiplog.agent.container.PodConfigException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The storage drivers that are registered with this node, by name. Safe for many threads. */
final class Drivers {

  private final Map<String, Driver> known = new ConcurrentHashMap<>();

  /** The driver of that name. */
  Driver require(String name) {
    Driver driver = known.get(name);
    if (driver == null) {
      throw new PodConfigException(
          "driver name " + name + " not found in the list of registered CSI drivers");
    }
    return driver;
  }

  void add(Driver driver) {
    Driver before = known.put(driver.name(), driver);
    if (before != null) {
      before.close();
    }
  }

  void remove(Driver driver) {
    known.remove(driver.name(), driver);
    driver.close();
  }

  void closeAll() {
    known.values().forEach(Driver::close);
  }
}
