import hashlib, pathlib, tempfile, urllib.request
from concurrent import futures

URLS = ["http://127.0.0.1:8930/alpha?delay_ms=930",
        "http://127.0.0.1:8930/beta?delay_ms=620",
        "http://127.0.0.1:8930/gamma?delay_ms=470"]
MAX_WORKERS = 3
FOLDER = ""  # "": a temporary folder, deleted after use
EXECUTOR = futures.ThreadPoolExecutor

web = urllib.request.build_opener()
for scheme in ("file", "ftp", "data"):  # leave http and https
    del web.handle_open[scheme]

def download(url):
    try:
        with web.open(url, timeout=10) as page: content = page.read()
    except OSError as error: raise OSError(str(error))  # can be pickled
    name = hashlib.md5(url.encode(), usedforsecurity=False).hexdigest()
    with tempfile.TemporaryDirectory() as temporary:
        pathlib.Path(FOLDER or temporary, name).write_bytes(content)
    return f"{len(content):,} bytes saved as {name}"

def main():
    if EXECUTOR is None:
        for url in URLS:
            try: print(f"{url}: {download(url)}")
            except Exception as error: print(f"{url}: {error}")
    else:
        with EXECUTOR(MAX_WORKERS) as executor:
            urls = {executor.submit(download, url): url for url in URLS}
            for job in futures.as_completed(urls):
                print(f"{urls[job]}: {job.exception() or job.result()}")

if __name__ == "__main__": main()
