package dev.shiplog.api.runtime;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which admission plug-ins decide what gets in, by the names Kubernetes gives them. */
@ConfigMapping(prefix = "shiplog.admission")
public interface AdmissionConfig {

  /** Plug-ins that are on besides those that are on by default. */
  Optional<List<String>> enable();

  /** Plug-ins that are off. */
  Optional<List<String>> disable();

  PodSecurity podSecurity();

  /** What PodSecurity asks for in namespaces whose labels say nothing, and whom it lets pass. */
  interface PodSecurity {
    @WithDefault("privileged")
    String enforce();

    @WithDefault("privileged")
    String audit();

    @WithDefault("privileged")
    String warn();

    Optional<Set<String>> exemptUsernames();

    Optional<Set<String>> exemptNamespaces();

    Optional<Set<String>> exemptRuntimeClasses();
  }
}
