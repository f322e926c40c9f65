package io.larder.codec;

import com.esotericsoftware.kryo.io.Output;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Internet addresses in the table of {@link JdkTypes}. */
final class JdkAddresses {

  private JdkAddresses() {}

  static void addTo(JdkValues values) {
    values.value(46, InetAddress.class, JdkAddresses::write, JdkAddresses::readAddress);
    values.value(
        47,
        InetSocketAddress.class,
        (out, v) -> {
          out.writeInt(v.getPort());
          InetAddress address = v.getAddress();
          Text.write(out, address == null ? v.getHostString() : null);
          if (address != null) {
            write(out, address);
          }
        },
        in -> {
          int port = in.readInt();
          String host = Text.readNullable(in);
          return host == null
              ? new InetSocketAddress(readAddress(in), port)
              : InetSocketAddress.createUnresolved(host, port);
        });
  }

  private static void write(Output out, InetAddress address) {
    // toString is "host/literal" and, unlike getHostName, asks no name server.
    String text = address.toString();
    int slash = text.lastIndexOf('/');
    Text.write(out, slash > 0 ? text.substring(0, slash) : null);
    JdkValues.bytes(out, address.getAddress());
    out.writeInt(address instanceof Inet6Address six ? six.getScopeId() : 0);
  }

  private static InetAddress readAddress(BudgetInput in) {
    String host = Text.readNullable(in);
    byte[] address = JdkValues.bytes(in);
    int scope = in.readInt();
    try {
      return address.length == 16 && scope != 0
          ? Inet6Address.getByAddress(host, address, scope)
          : InetAddress.getByAddress(host, address);
    } catch (UnknownHostException e) {
      throw new MalformedBytesException("no internet address", e);
    }
  }
}
