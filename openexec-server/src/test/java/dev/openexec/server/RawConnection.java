package dev.openexec.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** HTTP as bytes on a socket, so that nothing between the test and the server corrects anything. */
final class RawConnection implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;

    RawConnection(InetSocketAddress address) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(TIMEOUT_MILLIS);
    }

    /** A well-formed request with this body, in UTF-8, and these fields beside those that it needs. */
    static String post(String path, String json, String... fields) {
        String octets = new String(json.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                + Stream.of(fields).map(field -> field + "\r\n").collect(Collectors.joining())
                + "Content-Type: application/json\r\nContent-Length: "
                + octets.length() + "\r\n\r\n" + octets;
    }

    /** Sends each character as one octet. */
    void send(String octets) throws IOException {
        socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads a response whose length is given; an interim one counts as a response. None in time is a failed test. */
    RawResponse read() throws IOException {
        try {
            return response();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("No response", e);
        }
    }

    private RawResponse response() throws IOException {
        String head = head();
        if (head.isEmpty()) {
            return new RawResponse(0, Map.of(), "");
        }
        String[] lines = head.split("\r\n", -1);
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
            String[] field = lines[i].split(": ?", 2);
            headers.put(field[0].toLowerCase(Locale.ROOT), field[1]);
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = socket.getInputStream().readNBytes(length);
        int status = Integer.parseInt(lines[0].split(" ", 3)[1]);
        return new RawResponse(status, headers, new String(body, StandardCharsets.UTF_8));
    }

    private String head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                return "";
            }
            head.write(octet);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** Whether something has come that was not read yet. */
    boolean hasAnswer() throws IOException {
        return socket.getInputStream().available() > 0;
    }

    /** Everything until the server closes. */
    String readAll() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Half-closes: nothing more will be sent. */
    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes so that the server is told of an error, and not that nothing more will be sent. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Blocks until the server has closed; false if it sends something instead, or does neither. */
    boolean isClosedByServer() throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true; // a reset: it closed with octets of ours unread
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
