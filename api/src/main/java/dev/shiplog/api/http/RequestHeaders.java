package dev.shiplog.api.http;

import dev.shiplog.api.access.Credentials;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A request's headers as authentication sees them. */
record RequestHeaders(MultiMap headers) implements Credentials.Headers {

  @Override
  public List<String> all(String name) {
    return headers.getAll(name);
  }

  @Override
  public Map<String, List<String>> startingWith(String prefix) {
    Map<String, List<String>> found = new TreeMap<>();
    headers.forEach((name, value) -> {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.startsWith(prefix)) {
        found.computeIfAbsent(lower.substring(prefix.length()), _ -> new ArrayList<>()).add(value);
      }
    });
    return found;
  }
}
