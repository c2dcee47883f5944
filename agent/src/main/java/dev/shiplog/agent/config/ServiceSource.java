package dev.shiplog.agent.config;

import io.fabric8.kubernetes.api.model.Service;
import java.util.List;

/** The services whose addresses pods find in their environment. Any thread; must not block. */
@FunctionalInterface
public interface ServiceSource {

  /** Knows none. */
  ServiceSource NONE = namespace -> List.of();

  /** The namespace's services, in no order. */
  List<Service> services(String namespace);
}
