package dev.shiplog.agent.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.xbill.DNS.Message;
import org.xbill.DNS.SimpleResolver;

/** The name servers that a file such as {@code /etc/resolv.conf} names, asked one after another. */
final class HostNameServers implements NameService.Upstream {

  private static final Duration AT_MOST = Duration.ofSeconds(3);
  private static final int DNS_PORT = 53;
  private static final int MOST = 3;

  private final Path file;

  HostNameServers(Path file) {
    this.file = file;
  }

  @Override
  public Message ask(Message query) throws IOException {
    IOException last = new IOException("no name server in " + file);
    for (String server : servers()) {
      try {
        InetAddress address = InetAddress.ofLiteral(server);
        SimpleResolver resolver = new SimpleResolver(new InetSocketAddress(address, DNS_PORT));
        resolver.setTimeout(AT_MOST);
        return resolver.send(query);
      } catch (IOException e) {
        last = e;
      } catch (IllegalArgumentException e) {
        last = new IOException("\"" + server + "\" in " + file + " is no address", e);
      }
    }
    throw last;
  }

  /** Read each time: it changes when the machine changes its network. */
  private List<String> servers() throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words.length > 1 && words[0].equals("nameserver"))
        .map(words -> words[1])
        .limit(MOST)
        .toList();
  }
}
