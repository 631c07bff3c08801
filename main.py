from client.app import run

run()
