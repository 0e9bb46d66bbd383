// The peer: Socket.IO's own server on Node, as its documentation starts it. Arguments: port, file of rows.
const { readFileSync } = require("node:fs");
const { createServer } = require("node:http");
const { Server } = require("socket.io");

const rows = readFileSync(process.argv[3], "utf8").trim().split("\n").map((line) => JSON.parse(line));
const http = createServer((_request, answer) => answer.end());
const io = new Server(http, { serveClient: false });
let seq = 0;
setInterval(() => {
  const at = Date.now();
  const oldest = Math.round((performance.timeOrigin + performance.now()) * 1000);
  io.emit("frame", { stream: "market", epoch: 1, seq: ++seq, at, oldest, rows: rows[seq % rows.length] });
}, 100);
http.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });
