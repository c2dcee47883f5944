package dev.shiplog.api.schema.custom;

import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.shiplog.api.schema.custom.CelFunction.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** URLs in expressions: {@code url(self.address).getScheme() == 'https'}. */
final class CelUrls {

  private static final OpaqueType TYPE = OpaqueType.create("kubernetes.URL");
  private static final Kind<URI> URL = new Kind<>(TYPE, URI.class, "url");
  private static final MapType QUERY =
      MapType.create(SimpleType.STRING, ListType.create(SimpleType.STRING));

  private CelUrls() {}

  static List<CelFunction> functions() {
    return List.of(
        CelFunction.global("url", TYPE, Kind.TEXT, text -> CelFunction.read(CelUrls::parse, text)),
        CelFunction.global(
            "isURL",
            SimpleType.BOOL,
            Kind.TEXT,
            text -> CelFunction.isReadable(CelUrls::parse, text)),
        CelFunction.member("getScheme", SimpleType.STRING, URL, url -> text(url.getScheme())),
        CelFunction.member("getHost", SimpleType.STRING, URL, CelUrls::host),
        CelFunction.member("getHostname", SimpleType.STRING, URL, CelUrls::hostname),
        CelFunction.member("getPort", SimpleType.STRING, URL, CelUrls::port),
        CelFunction.member("getEscapedPath", SimpleType.STRING, URL, url -> text(url.getRawPath())),
        CelFunction.member("getQuery", QUERY, URL, CelUrls::query));
  }

  /** An absolute URL, or a path from the root. */
  private static URI parse(String text) {
    try {
      URI url = new URI(text);
      if (!url.isAbsolute() && !text.startsWith("/")) {
        throw new IllegalArgumentException("URL parse error: \"" + text + "\" is not absolute");
      }
      return url;
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("URL parse error: " + e.getMessage(), e);
    }
  }

  private static String text(String part) {
    return part == null ? "" : part;
  }

  private static String host(URI url) {
    String authority = text(url.getRawAuthority());
    return authority.substring(authority.lastIndexOf('@') + 1);
  }

  private static String hostname(URI url) {
    String host = text(url.getHost());
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static String port(URI url) {
    return url.getPort() < 0 ? "" : Integer.toString(url.getPort());
  }

  private static Map<String, List<String>> query(URI url) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    for (String pair : text(url.getRawQuery()).split("&", -1)) {
      if (!pair.isEmpty()) {
        String[] parts = pair.split("=", 2);
        query
            .computeIfAbsent(decoded(parts[0]), name -> new ArrayList<>())
            .add(parts.length > 1 ? decoded(parts[1]) : "");
      }
    }
    return query;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
