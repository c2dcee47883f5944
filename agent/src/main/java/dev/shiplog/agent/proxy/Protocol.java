package dev.shiplog.agent.proxy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Transport protocols a service can have. */
enum Protocol {
  TCP,
  UDP,
  SCTP;

  /** As the packet filter writes it. */
  String lower() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Kubernetes' text; none means TCP, and empty is given for one that is unknown. */
  static Optional<Protocol> of(String text) {
    return text == null
        ? Optional.of(TCP)
        : Arrays.stream(values()).filter(protocol -> protocol.name().equals(text)).findFirst();
  }
}
