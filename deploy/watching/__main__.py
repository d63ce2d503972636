"""Write what is generated."""

from deploy.watching import dashboards, kubernetes

if __name__ == "__main__":
    for file, text in {kubernetes.ALERTS: kubernetes.render(), **dashboards.files()}.items():
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
